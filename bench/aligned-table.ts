/** Lines of text in columns: the first `textColumns` to the left, the others to the right. The first row is the head. */
export function alignedTable(rows: readonly (readonly string[])[], textColumns: number): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < textColumns ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return `${[lines[0] ?? '', rule, ...lines.slice(1)].join('\n')}\n`;
}

/** 1,234,567 */
export function wholeNumber(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
