import { useEffect, useState } from 'preact/hooks';
import { answerOf, api, type Schemas } from '../api/client.js';
import { problemOf, type ApiProblem } from '../api/problem.js';
import { noteProblem } from '../api/session.js';

/** Whoever types is left to finish. */
const PAUSE_MS = 250;
const SLOTS_SHOWN = 5;

export interface Preview {
  /** Of the newest schedule that could be computed; undefined before one could. */
  shown: Schemas['SchedulePreview'] | undefined;
  /** Why that of now cannot. */
  problem: ApiProblem | undefined;
  /** What is shown is not yet that of what was typed. */
  isOld: boolean;
}

/** Computes the slots of a schedule while it is typed; the answer to what is no longer typed is dropped. */
export function usePreview(cron_expression: string, time_zone: string): Preview {
  const [state, setState] = useState<Preview>(NONE);
  useEffect(() => {
    if (cron_expression.trim() === '') {
      setState(NONE);
      return;
    }
    setState((before) => ({ ...before, isOld: true }));
    const overtaken = new AbortController();
    const { signal } = overtaken;
    const show = (next: Preview): void => {
      if (!signal.aborted) setState(next);
    };
    const timer = setTimeout(() => {
      const body = { cron_expression, time_zone, count: SLOTS_SHOWN };
      answerOf(api.POST('/api/v1/certification-cron/preview', { body, signal })).then(
        (shown) => show({ shown, problem: undefined, isOld: false }),
        (error: unknown) => {
          const problem = problemOf(error);
          if (!signal.aborted) noteProblem(problem);
          show({ shown: undefined, problem, isOld: false });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      overtaken.abort();
    };
  }, [cron_expression, time_zone]);
  return state;
}

const NONE: Preview = { shown: undefined, problem: undefined, isOld: false };
