interface FilterChoiceProps {
  label: string;
  /** Empty: any. */
  value: string | undefined;
  options: readonly (readonly [value: string, words: string])[];
  /** What stands for no choice; null: there is always one. */
  any?: string | null;
  onChoose: (value: string) => void;
}

/** One of the filters above a list, by which it is narrowed or ordered. */
export function FilterChoice({ label, value = '', options, any = 'any', onChoose }: FilterChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {any !== null && <option value="">{any}</option>}
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
