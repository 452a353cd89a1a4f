import type { Logger } from '../ports/logger.js';

export type Settings = Readonly<Record<string, string>>;

/** Compares the settings of the other instances with ours: where they differ, it depends on chance which ones count. */
export interface SettingsWatch {
  see(instance: string, theirs: Settings): void;
  forget(instance: string): void;
  /** How many other instances have other settings. */
  differing(): number;
}

export function createSettingsWatch(ours: Settings, logger: Logger): SettingsWatch {
  /** The differences told, by instance. */
  const told = new Map<string, string>();
  return {
    see(instance, theirs) {
      const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
      const differing = names.filter((name) => ours[name] !== theirs[name]);
      if (differing.length === 0) {
        told.delete(instance);
        return;
      }
      const text = differing.join(', ');
      if (told.get(instance) === text) return;
      told.set(instance, text);
      const settings = Object.fromEntries(
        differing.map((name) => [name, { here: ours[name], there: theirs[name] }]),
      );
      logger.warn(
        { other_instance: instance, settings },
        'another instance has other settings: which ones count depends on which one leads',
      );
    },
    forget: (instance) => void told.delete(instance),
    differing: () => told.size,
  };
}
