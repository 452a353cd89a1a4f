import { useEffect, useRef } from 'preact/hooks';

const QUESTION = 'Leave without saving what you have entered?';

/**
 * Asks before the viewer leaves what is not saved: the page, or its view. Browsers without the Navigation API ask for the
 * page alone.
 * @returns what lets the viewer go without being asked: it has been saved
 */
export function useUnsavedGuard(isUnsaved: boolean): () => void {
  const isGuarded = useRef(isUnsaved);
  isGuarded.current = isUnsaved;
  useEffect(() => {
    const navigation = 'navigation' in window ? window.navigation : undefined;
    const askForPage = (event: BeforeUnloadEvent): void => {
      if (isGuarded.current) event.preventDefault();
    };
    const askForView = (event: NavigateEvent): void => {
      // The browser asks about other documents itself.
      if (!isGuarded.current || !event.cancelable || !event.destination.sameDocument) return;
      if (!confirm(QUESTION)) event.preventDefault();
    };
    addEventListener('beforeunload', askForPage);
    navigation?.addEventListener('navigate', askForView);
    return () => {
      removeEventListener('beforeunload', askForPage);
      navigation?.removeEventListener('navigate', askForView);
    };
  }, []);
  return () => {
    isGuarded.current = false;
  };
}
