import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface FilterTextProps {
  label: ComponentChildren;
  type?: 'search' | 'date';
  maxLength?: number;
  inputMode?: 'numeric';
  /** Of dates. */
  min?: string;
  max?: string;
  /** What the list is narrowed by now. */
  value: string;
  /** Enter was pressed, or the field was left. */
  onEnter: (text: string) => void;
}

/** A filter that is typed. The list below may be drawn anew at any time: what is being typed stays. */
export function FilterText({ label, value, onEnter, type = 'search', ...more }: FilterTextProps) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const handled = {
    ...more,
    value: typed ?? value,
    onInput: ({ currentTarget }: Typed) => setTyped(currentTarget.value),
    onChange({ currentTarget }: Typed) {
      // A year is being typed: 2 is one, too.
      if (!currentTarget.validity.valid) return;
      setTyped(undefined);
      onEnter(currentTarget.value);
    },
    onBlur: () => setTyped(undefined),
  };
  return (
    <label>
      {label}
      {type === 'date' ? <input type="date" {...handled} /> : <input type="search" {...handled} />}
    </label>
  );
}

interface Typed {
  currentTarget: HTMLInputElement;
}
