import { hrefOf } from '../place/parse-place.js';

interface TabsProps {
  label: string;
  /** Of the view; a tab stands behind it in the address. */
  path: readonly string[];
  /** What is in the address, and its title. The first one needs no word in the address. */
  tabs: readonly (readonly [name: string, title: string])[];
  shown: string | undefined;
}

/** Links, as all that moves: each tab has an address. */
export function Tabs({ label, path, tabs, shown }: TabsProps) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(([name, title]) => (
        <a key={name} href={hrefOf([...path, name])} aria-current={name === shown ? 'page' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}
