/** What has happened to a simulated world, in short lines: the faults and the clients, beside the events of the log. */
export interface Story {
  tell(at: number, who: string, what: string, cronId?: string): void;
  /** The last lines up to `until`, of everybody or of what concerns one job. */
  last(count: number, until: number, cronId?: string): StoryLine[];
}

export interface StoryLine {
  /** True time, epoch milliseconds. */
  at: number;
  who: string;
  what: string;
  cronId: string | undefined;
}

export function createStory(): Story {
  const lines: StoryLine[] = [];
  return {
    tell(at, who, what, cronId) {
      lines.push({ at, who, what, cronId });
    },
    last: (count, until, cronId) =>
      lines
        .filter((line) => line.at <= until && (line.cronId === undefined || line.cronId === cronId))
        .slice(-count),
  };
}
