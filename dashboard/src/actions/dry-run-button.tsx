import { useRef } from 'preact/hooks';
import { newKey } from '../api/client.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { useAction } from '../show/use-action.js';
import { executeJob } from './execute-job.js';

/** Counts whom a run would remind now. It asks for no reminder, so nobody is asked whether. */
export function DryRunButton({ job: id }: { job: string }) {
  const { isRunning, problem, run } = useAction();
  const key = useRef<string>(undefined);
  const start = async (): Promise<void> => {
    key.current ??= newKey();
    await executeJob(id, { dry_run: true }, key.current);
    key.current = undefined;
  };
  return (
    <>
      <button type="button" disabled={isRunning} onClick={() => run(start)}>
        Dry run
      </button>
      {problem && <ProblemNotice problem={problem} />}
    </>
  );
}
