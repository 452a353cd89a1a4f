/** Lines of text in columns, each as wide as its widest cell; columns of numbers to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(lengthOf(title), ...rows.map((row) => lengthOf(String(row[column] ?? '')))),
  );
  const lineOf = (row: readonly (string | number)[]): string =>
    row
      .map((cell, column) => {
        const text = String(cell);
        const blanks = ' '.repeat((widths[column] ?? 0) - lengthOf(text));
        return typeof cell === 'number' ? blanks + text : text + blanks;
      })
      .join('  ')
      .trimEnd();
  return [head, ...rows].map((row) => `${lineOf(row)}\n`).join('');
}

/** In characters, most of which take one place. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
