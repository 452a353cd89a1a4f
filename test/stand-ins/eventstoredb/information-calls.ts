import { randomUUID } from 'node:crypto';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { type Node, count } from './node.js';
import type { Endpoint } from './rpc-errors.js';

const STREAMS = 'event_store.client.streams.streams';
const METHODS: [service: string, method: string, ...features: string[]][] = [
  [STREAMS, 'read', 'position', 'events'],
  [STREAMS, 'append'],
  [STREAMS, 'delete'],
  [STREAMS, 'tombstone'],
  [STREAMS, 'batchappend', 'deadline_duration'],
  ['event_store.client.gossip.gossip', 'read'],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods'],
];

type Answer<R> = (call: ServerUnaryCall<shared.Empty, R>, callback: sendUnaryData<R>) => void;

/** What the client looks up before its first append, to learn whether it can batch appends. */
export const supportedMethodsCall =
  (node: Node): Answer<features.SupportedMethods> =>
  (_, callback) => {
    count(node, 'server_features');
    const methods = METHODS.map(([service, method, ...list]) =>
      new features.SupportedMethod().setServiceName(service).setMethodName(method).setFeaturesList(list),
    );
    callback(
      null,
      new features.SupportedMethods().setEventStoreServerVersion('24.10.0').setMethodsList(methods),
    );
  };

/** What `esdb+discover://` asks for: this node, and the leader when that is another. */
export const gossipCall =
  (node: Node, self: () => Endpoint): Answer<gossip.ClusterInfo> =>
  (_, callback) => {
    count(node, 'gossip');
    const { LEADER, FOLLOWER } = gossip.MemberInfo.VNodeState;
    const { leader } = node.faults;
    const members = [member(self(), leader === undefined ? LEADER : FOLLOWER)];
    if (leader !== undefined) members.push(member(leader, LEADER));
    callback(null, new gossip.ClusterInfo().setMembersList(members));
  };

function member({ host, port }: Endpoint, state: gossip.MemberInfo.VNodeState): gossip.MemberInfo {
  return new gossip.MemberInfo()
    .setInstanceId(new shared.UUID().setString(randomUUID()))
    .setTimeStamp('0')
    .setState(state)
    .setIsAlive(true)
    .setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(port));
}
