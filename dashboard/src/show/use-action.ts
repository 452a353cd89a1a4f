import { useState } from 'preact/hooks';
import { problemOf, type ApiProblem } from '../api/problem.js';
import { noteProblem } from '../api/session.js';

export interface Action {
  isRunning: boolean;
  problem: ApiProblem | undefined;
  /** Does it, unless it is being done. What fails becomes the `problem`. */
  run: (act: () => Promise<void>) => void;
}

/** A write that a button asks for: one at a time, with what went wrong. */
export function useAction(): Action {
  const [state, setState] = useState<Omit<Action, 'run'>>({ isRunning: false, problem: undefined });
  return {
    ...state,
    run(act) {
      if (state.isRunning) return;
      setState({ isRunning: true, problem: undefined });
      act().then(
        () => setState({ isRunning: false, problem: undefined }),
        (error: unknown) => {
          const problem = problemOf(error);
          noteProblem(problem);
          setState({ isRunning: false, problem });
        },
      );
    },
  };
}
