import { Server, ServerCredentials } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { appendCall, batchAppendCall } from './append-call.js';
import { deleteCall, tombstoneCall } from './delete-call.js';
import { gossipCall, supportedMethodsCall } from './information-calls.js';
import type { Node } from './node.js';
import { readCall } from './read-call.js';
import type { Certificate } from '../../support/self-signed-certificate.js';

export interface Listening {
  port: number;
  /** Stops listening and cuts all connections. */
  stop(): void;
}

export async function listen(
  node: Node,
  host: string,
  wantedPort: number,
  certificate: Certificate | undefined,
): Promise<Listening> {
  const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
  server.addService(streams.StreamsService, {
    append: appendCall(node),
    batchAppend: batchAppendCall(node),
    delete: deleteCall(node),
    tombstone: tombstoneCall(node),
    read: readCall(node),
  });
  server.addService(features.ServerFeaturesService, { getSupportedMethods: supportedMethodsCall(node) });
  let port = wantedPort;
  server.addService(gossip.GossipService, { read: gossipCall(node, () => ({ host, port })) });
  port = await bind(server, `${host}:${wantedPort}`, credentials(certificate));
  return { port, stop: () => server.forceShutdown() };
}

function credentials(certificate: Certificate | undefined): ServerCredentials {
  if (certificate === undefined) return ServerCredentials.createInsecure();
  const pair = { private_key: certificate.key, cert_chain: certificate.certificate };
  return ServerCredentials.createSsl(null, [pair]);
}

const bind = (server: Server, address: string, how: ServerCredentials): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(address, how, (error, port) => (error === null ? resolve(port) : reject(error)));
  });
