import { mkdirSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { untilAnswered } from './bounded.js';
import { freePorts } from './free-ports.js';
import { kafkaSettings } from './kafka-settings.js';
import { clusterId, javaOptions, kafkaJars, writeProperties } from './local-kafka.js';
import { folderOfServer } from './local-server.js';
import { say } from './progress.js';
import { lastLines } from './run-command.js';
import { spawnTied, type TiedProcess } from './spawn-tied.js';

/** Three nodes of Apache Kafka as processes, each broker and controller. What is written is on two of them at least. */
export interface KafkaCluster {
  /** All of them, as KAFKA_BROKERS has them. */
  brokers: string;
  /** SIGKILL: it says goodbye to nobody. */
  kill(node: NodeId): Promise<void>;
  /** Starts a node that was killed, on what it had written. @returns when it and the others serve as brokers */
  start(node: NodeId): Promise<void>;
  /** The node that is the active controller, as the others have it. */
  controller(): NodeId;
  stop(): Promise<void>;
}

export type NodeId = 1 | 2 | 3;

export const NODES: readonly NodeId[] = [1, 2, 3];
const HOST = '127.0.0.1';
const READY_WITHIN_MS = 90_000;
const HEAP_MB = 256;

/** How the nodes are configured besides: as a careful operator does it. */
const SETTINGS = {
  'default.replication.factor': '3',
  'min.insync.replicas': '2',
  'offsets.topic.replication.factor': '3',
  'offsets.topic.num.partitions': '2',
  'transaction.state.log.replication.factor': '3',
  'transaction.state.log.min.isr': '2',
  'broker.heartbeat.interval.ms': '500',
  // When a message was written tells how long it had to wait.
  'log.message.timestamp.type': 'LogAppendTime',
  'num.recovery.threads.per.data.dir': '2',
};

interface Node {
  id: NodeId;
  folder: string;
  address: string;
  controllerAddress: string;
  process: TiedProcess | undefined;
}

/**
 * Rejects where Java or the jars cannot be had.
 * @param sessionMs how long nobody misses a broker that died, and nobody leads its partitions; 9 s is Kafka's default
 */
export async function startLocalKafkaCluster(sessionMs: number): Promise<KafkaCluster> {
  const jars = await kafkaJars();
  const folder = folderOfServer();
  const ports = await freePorts(2 * NODES.length);
  const nodes = NODES.map((id, index): Node => {
    const [port, controllerPort] = ports.slice(2 * index, 2 * index + 2);
    return {
      id,
      folder: join(folder, `node-${id}`),
      address: `${HOST}:${port}`,
      controllerAddress: `${HOST}:${controllerPort}`,
      process: undefined,
    };
  });
  const cluster = clusterId();
  for (const node of nodes) prepare(node, { nodes, cluster, sessionMs });
  const at = (id: NodeId): Node => {
    const node = nodes[id - 1];
    if (node === undefined) throw new Error(`there is no node ${id}`);
    return node;
  };

  async function start(id: NodeId): Promise<void> {
    const node = at(id);
    if (node.process !== undefined) throw new Error(`node ${id} runs`);
    const running = spawnNode(node, jars);
    node.process = running;
    const ended = running.ended.then((code) => {
      // Else it was killed.
      if (node.process === running) throw new Error(`Kafka node ${id} ended with ${code}: ${logEnd(node)}`);
    });
    ended.catch((error: unknown) => say(String(error)));
    await Promise.race([ended, untilAnswered(`Kafka node ${id}`, READY_WITHIN_MS, () => askNode(node))]);
  }

  async function kill(id: NodeId): Promise<void> {
    const node = at(id);
    const running = node.process;
    node.process = undefined;
    await running?.kill();
  }

  async function stop(): Promise<void> {
    await Promise.all(NODES.map(kill));
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await Promise.all(NODES.map(start));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    brokers: nodes.map(({ address }) => address).join(),
    kill,
    start,
    controller: () => newestLeader(nodes.filter(({ process }) => process !== undefined)),
    stop,
  };
}

function prepare(
  node: Node,
  { nodes, cluster, sessionMs }: { nodes: readonly Node[]; cluster: string; sessionMs: number },
): void {
  const data = join(node.folder, 'data');
  mkdirSync(data, { recursive: true });
  // All that formatting would write that matters, without a virtual machine for each node.
  writeFileSync(join(data, 'meta.properties'), `version=1\ncluster.id=${cluster}\nnode.id=${node.id}\n`);
  const plain = { bound: node.address, advertised: node.address };
  writeProperties(propertiesOf(node), {
    ...kafkaSettings({ plain, proxied: [], controller: node.controllerAddress }),
    ...SETTINGS,
    'broker.session.timeout.ms': String(sessionMs),
    'node.id': String(node.id),
    'controller.quorum.voters': nodes.map(({ id, controllerAddress }) => `${id}@${controllerAddress}`).join(),
    'log.dirs': data,
  });
}

const propertiesOf = ({ folder }: Node): string => join(folder, 'server.properties');
const logOf = ({ folder }: Node): string => join(folder, 'server.log');
const logEnd = (node: Node): string => lastLines(readFileSync(logOf(node), 'utf8'), 10);

function spawnNode(node: Node, jars: string): TiedProcess {
  const { folder } = node;
  const log = openSync(logOf(node), 'a');
  try {
    const command = [
      'java',
      ...javaOptions({ folder, jars, heapMb: HEAP_MB }),
      'kafka.Kafka',
      propertiesOf(node),
    ];
    return spawnTied(command, { output: log });
  } finally {
    closeSync(log);
  }
}

/** Rejects until this node, by itself, names all. */
async function askNode({ id, address }: Node): Promise<void> {
  const kafka = new kafkajs.Kafka({
    brokers: [address],
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (brokers.length < NODES.length) throw new Error(`node ${id} knows ${brokers.length} brokers`);
  } finally {
    await admin.disconnect();
  }
}

/** From what each node has noted of the last election: brokers name any broker as the controller. */
function newestLeader(nodes: readonly Node[]): NodeId {
  const noted = nodes.map(({ folder }) => {
    const file = join(folder, 'data', '__cluster_metadata-0', 'quorum-state');
    return JSON.parse(readFileSync(file, 'utf8')) as { leaderId: number; leaderEpoch: number };
  });
  const [newest] = noted.filter(({ leaderId }) => leaderId > 0).sort((a, b) => b.leaderEpoch - a.leaderEpoch);
  if (newest === undefined) throw new Error('the nodes have no controller');
  return newest.leaderId as NodeId;
}
