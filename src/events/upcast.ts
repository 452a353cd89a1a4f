/** For each event type, by the version it reads: data of that version in, data of the next version out. Pure. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, (data: unknown) => unknown>>>>;

/** Brings data of an old version up to today's, one version at a time. */
export function upcast(
  upcasters: Upcasters,
  event: { type: string; data: unknown; from: number; to: number },
): unknown {
  let data = event.data;
  for (let version = event.from; version < event.to; version++) {
    const step = upcasters[event.type]?.[version];
    if (step === undefined) throw new Error(`no upcaster for ${event.type} from version ${version}`);
    data = step(data);
  }
  return data;
}
