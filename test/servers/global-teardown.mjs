export default async function globalTeardown() {
  await globalThis.serversForTests?.stop();
}
