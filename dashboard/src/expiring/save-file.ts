/** Hands bytes to the browser as a download. */
export function saveFile(name: string, bytes: Blob): void {
  const address = URL.createObjectURL(bytes);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser takes hold of the bytes after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
