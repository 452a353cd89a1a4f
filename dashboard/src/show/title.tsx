import { useLayoutEffect } from 'preact/hooks';

/** What the tab of the browser is called: the most particular first, since tabs are narrow. */
export function Title({ of }: { of: readonly (string | false | undefined)[] }) {
  const title = [...of, 'certification-cron'].filter(Boolean).join(' · ');
  useLayoutEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}
