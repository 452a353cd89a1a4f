import type { ContainerRuntimeClient, GenericContainer, StartedTestContainer } from 'testcontainers';
import { bounded, reasonOf, untilAnswered } from './bounded.js';
import { timed } from './progress.js';
import type { Running, Way } from './way.js';

const DOCKER_ANSWERS_WITHIN_MS = 5_000;
const PULLED_WITHIN_MS = 300_000;
const STARTED_WITHIN_MS = 120_000;
const READY_WITHIN_MS = 120_000;

export interface Image {
  image: string;
  /** Environment and ports. @param host where containers are reached */
  configure: (container: GenericContainer, host: string) => Promise<Container> | Container;
  ask: (url: string) => Promise<unknown>;
}

export interface Container {
  container: GenericContainer;
  reached: (started: StartedTestContainer) => Omit<Running, 'stop'>;
}

/** A container, where Docker answers and has the image or can pull it. */
export function dockerWay(image: Image): Way {
  return {
    via: `docker: ${image.image}`,
    async prepare() {
      const docker = await dockerClient();
      await haveImage(docker, image.image);
      return () => start(image, docker.info.containerRuntime.host);
    },
  };
}

let asked: Promise<ContainerRuntimeClient> | undefined;

function dockerClient(): Promise<ContainerRuntimeClient> {
  asked ??= import('testcontainers').then(({ getContainerRuntimeClient }) =>
    bounded('Docker', DOCKER_ANSWERS_WITHIN_MS, getContainerRuntimeClient()),
  );
  return asked.catch((error: unknown) => {
    throw new Error(`Docker does not answer (${reasonOf(error)})`, { cause: error });
  });
}

async function haveImage(docker: ContainerRuntimeClient, name: string): Promise<void> {
  const { ImageName } = await import('testcontainers');
  const image = ImageName.fromString(name);
  if (await bounded('Docker', DOCKER_ANSWERS_WITHIN_MS, docker.image.exists(image))) return;
  await timed(`pulling ${image.string}`, async () => {
    await bounded('the pull', PULLED_WITHIN_MS, docker.image.pull(image));
    // A pull that breaks off in the middle says so only in its log.
    if (!(await docker.image.exists(image))) throw new Error('the pull broke off');
  });
}

async function start(image: Image, host: string): Promise<Running> {
  const { GenericContainer } = await import('testcontainers');
  const { container, reached } = await image.configure(new GenericContainer(image.image), host);
  const started = await bounded(
    'the container',
    STARTED_WITHIN_MS,
    container.withStartupTimeout(STARTED_WITHIN_MS).start(),
  );
  const stop = async () => {
    await started.stop({ timeout: 0 });
  };
  const running = reached(started);
  try {
    await untilAnswered(image.image, READY_WITHIN_MS, () => image.ask(running.url));
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...running, stop };
}
