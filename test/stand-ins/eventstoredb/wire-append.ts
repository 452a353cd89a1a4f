import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type Expected, NO_STREAM } from './append-rule.js';
import type { AppendAnswer } from './accept-append.js';
import type { ProposedEvent } from './stored-event.js';

export const streamName = (identifier: shared.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();

export function streamIdentifier(name: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(new Uint8Array(Buffer.from(name)));
}

export function expectedOf(options: {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
  revision: string;
}): Expected {
  if (options.hasNoStream()) return NO_STREAM;
  if (options.hasAny()) return 'any';
  if (options.hasStreamExists()) return 'stream_exists';
  return Number(options.revision);
}

export const proposedEvent = (message: streams.AppendReq.ProposedMessage): ProposedEvent => ({
  id: message.getId()?.getString().toLowerCase() ?? '',
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? '',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

const empty = (): shared.Empty => new shared.Empty();

export function appendResponse(
  answer: Exclude<AppendAnswer, { kind: 'error' }>,
  expected: Expected,
): streams.AppendResp {
  const response = new streams.AppendResp();
  return answer.kind === 'success'
    ? response.setSuccess(success(answer))
    : response.setWrongExpectedVersion(wrongVersion(answer.current, expected));
}

function success({
  revision,
  position,
}: Extract<AppendAnswer, { kind: 'success' }>): streams.AppendResp.Success {
  const message = new streams.AppendResp.Success();
  if (revision === NO_STREAM) message.setNoStream(empty());
  else message.setCurrentRevision(String(revision));
  if (position === undefined) return message.setNoPosition(empty());
  return message.setPosition(
    new streams.AppendResp.Position()
      .setCommitPosition(String(position.commit))
      .setPreparePosition(String(position.prepare)),
  );
}

function wrongVersion(current: number, expected: Expected): streams.AppendResp.WrongExpectedVersion {
  const message = new streams.AppendResp.WrongExpectedVersion();
  if (expected === 'any') message.setExpectedAny(empty());
  else if (expected === 'stream_exists') message.setExpectedStreamExists(empty());
  else if (expected === NO_STREAM) message.setExpectedNoStream(empty());
  else message.setExpectedRevision(String(expected));
  if (current === NO_STREAM) return message.setCurrentNoStream(empty());
  return message.setCurrentRevision(String(current));
}
