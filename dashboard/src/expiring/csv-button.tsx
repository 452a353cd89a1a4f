import { useEffect, useRef } from 'preact/hooks';
import { answerOf } from '../api/client.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { useAction } from '../show/use-action.js';
import { saveFile } from './save-file.js';

/** How a file is asked for: a large one takes longer than a page may. */
interface FileRequest {
  parseAs: 'blob';
  fetch: (request: Request) => Promise<Response>;
  signal: AbortSignal;
}

interface CsvButtonProps {
  /** Of the file. */
  name: string;
  ask: (file: FileRequest) => Promise<{ data?: Blob; error?: unknown; response: Response }>;
}

/** Downloads all rows of a question. A link could not send the credential. */
export function CsvButton({ name, ask }: CsvButtonProps) {
  const { isRunning, problem, run } = useAction();
  const leaving = useRef(new AbortController());
  useEffect(() => () => leaving.current.abort(), []);
  return (
    <div>
      <button
        type="button"
        disabled={isRunning}
        onClick={() =>
          run(async () => {
            const { signal } = leaving.current;
            saveFile(
              name,
              await answerOf(ask({ parseAs: 'blob', fetch: (request) => fetch(request), signal })),
            );
          })
        }
      >
        {isRunning ? 'Fetching the file …' : 'Download as CSV'}
      </button>
      {problem && <ProblemNotice problem={problem} />}
    </div>
  );
}
