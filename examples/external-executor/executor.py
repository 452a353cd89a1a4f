"""
Performs the runs of certification-cron: takes them from the topic of runs, and answers on the topic of results.

At least once: the offset of a run is committed after its result was acknowledged. Whoever dies before has the run
repeated, by itself or another executor of the group.
"""

import logging
import os
import signal
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from cloudevents.core.bindings.kafka import KafkaMessage
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from check import check
from messages import BadMessageError, read_run, result_message
from run import CheckFailedError, Result, Run
from service import Service

RUNS = "certification-cron.runs"
RESULTS = "certification-cron.results"
DEAD_LETTERS = "certification-cron.dead-letters"
GROUP = "external-executor"

POLL_S = 0.2
#: Pausing and resuming costs half a second, in which a broker may hold back its answer to a fetch.
SHORT_CHECK_S = 1
#: Without an acknowledgement for so long the process ends with 1, and the run is repeated after a restart.
ACKNOWLEDGED_WITHIN_MS = 120_000
#: What the topic of dead letters takes: more than that of runs, as the reason comes on top.
MOST_BYTES = 2_097_152
#: A dead executor's runs go to another one after so long. The default of 45 s is for consumers that poll rarely.
SESSION_MS = 10_000
#: While a broker is down, librdkafka reports each of its tries, twenty in a second.
SAME_ERROR_AGAIN_S = 60

log = logging.getLogger("executor")

Headers = list[tuple[str, str | bytes | None]]


class Executor:
    """One run at a time. Start more processes for more, up to the number of partitions of the topic of runs."""

    def __init__(self, kafka: dict[str, str], prefix: str, service: Service | None) -> None:
        self._prefix = prefix
        self._service = service
        self._is_busy = False
        self._told: dict[int, float] = {}
        # Below the errors, librdkafka logs nothing that they do not say.
        both: dict[str, Any] = {"log_level": 2, "error_cb": self._on_error, **kafka}
        self._consumer = Consumer(
            {
                "group.id": prefix + GROUP,
                "auto.offset.reset": "earliest",
                "session.timeout.ms": SESSION_MS,
                # Others go on while one joins or leaves. A run whose partition moves is begun again by whoever gets it.
                "partition.assignment.strategy": "cooperative-sticky",
                **both,
                "enable.auto.commit": False,
            }
        )
        self._producer = Producer(
            {
                "message.timeout.ms": ACKNOWLEDGED_WITHIN_MS,
                "message.max.bytes": MOST_BYTES,
                **both,
                "enable.idempotence": True,
            }
        )

    def run(self, stopping: threading.Event) -> None:
        """Until `stopping` is set; a run that is under way then is ended and answered first."""
        self._consumer.subscribe([self._prefix + RUNS], on_assign=self._on_assign)
        log.info("waiting for runs in %s", self._prefix + RUNS)
        with ThreadPoolExecutor(max_workers=1) as pool:
            try:
                while not stopping.is_set():
                    message = self._consumer.poll(POLL_S)
                    if message is None:
                        continue
                    if (error := message.error()) is not None:
                        if error.fatal():
                            raise KafkaException(error)
                        self._on_error(error)
                        continue
                    self._wait_for(pool.submit(self._handle, message))
                    self._commit(message)
            finally:
                # Leaves the group, so that others need not wait for the session to expire.
                self._consumer.close()

    def _wait_for(self, handled: Future[None]) -> None:
        """During a long check it polls, since a consumer that does not is taken for dead; but it takes no other run."""
        if not wait([handled], timeout=SHORT_CHECK_S).done:
            self._is_busy = True
            self._consumer.pause(self._consumer.assignment())
            while not wait([handled], timeout=POLL_S).done:
                self._consumer.poll(0)
            self._is_busy = False
            self._consumer.resume(self._consumer.assignment())
        handled.result()

    def _on_assign(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        consumer.incremental_assign(partitions)
        if self._is_busy:
            consumer.pause(partitions)
        if partitions:
            log.info("takes the runs of partitions %s", sorted(one.partition for one in partitions))

    def _on_error(self, error: KafkaError) -> None:
        """Transient, such as a broker that is down: librdkafka goes on by itself."""
        now = time.monotonic()
        if now - self._told.get(error.code(), -SAME_ERROR_AGAIN_S) >= SAME_ERROR_AGAIN_S:
            self._told[error.code()] = now
            log.warning("kafka: %s", error.str())

    def _handle(self, message: Message) -> None:
        try:
            run = read_run(_received(message))
        except BadMessageError as error:
            self._set_aside(message, str(error))
            return
        if run.deadline <= datetime.now(UTC):
            log.warning("%s was over at %s: not performed", run.run_id, run.deadline.isoformat())
        elif self._service is not None and self._service.has_closed(run):
            log.info("%s is closed: not performed", run.run_id)
        else:
            self._answer(run)

    def _answer(self, run: Run) -> None:
        log.info("%s begins%s", run.run_id, ", a dry run" if run.dry_run else "")
        outcome = outcome_of(run)
        result = result_message(run, outcome)
        self._send(RESULTS, result.key, result.value, list(result.headers.items()))
        log.info("%s is answered: %s", run.run_id, outcome.code if isinstance(outcome, CheckFailedError) else "success")

    def _set_aside(self, message: Message, reason: str) -> None:
        """As it came, with the reason, where the service sets aside what it does not understand."""
        log.error("message %s/%s set aside: %s", message.partition(), message.offset(), reason)
        place: Headers = [
            ("dead_letter_reason", reason.encode("utf-8", "replace")),
            ("dead_letter_topic", RUNS),
            ("dead_letter_partition", str(message.partition())),
            ("dead_letter_offset", str(message.offset())),
        ]
        try:
            self._send(DEAD_LETTERS, message.key(), message.value(), [*_headers_of(message), *place])
        except KafkaException as error:
            if error.args[0].code() != KafkaError.MSG_SIZE_TOO_LARGE:
                raise
            self._send(DEAD_LETTERS, None, None, place)

    def _send(self, topic: str, key: str | bytes | None, value: bytes | None, headers: Headers) -> None:
        """:raises KafkaException: when it was not acknowledged"""
        reported: Future[None] = Future()

        def on_delivery(error: KafkaError | None, _: Message) -> None:
            if error is None:
                reported.set_result(None)
            else:
                reported.set_exception(KafkaException(error))

        self._producer.produce(self._prefix + topic, key=key, value=value, headers=headers, on_delivery=on_delivery)
        self._producer.flush()
        reported.result()

    def _commit(self, message: Message) -> None:
        try:
            self._consumer.commit(message=message, asynchronous=False)
        except KafkaException as error:
            # The partition has gone to another executor, which repeats the run: its result is then a repeat.
            log.warning("the offset was not committed: %s", error)


def outcome_of(run: Run) -> Result | CheckFailedError:
    if run.is_truncated:
        return CheckFailedError("run_truncated", "the rules of the run are too large for its topic")
    try:
        return check(run)
    except CheckFailedError as error:
        log.warning("%s has failed: %s: %s", run.run_id, error.code, error)
        return error
    except Exception as error:
        # Without an answer the run would end by its timeout. What the error says may be about people: it stays here.
        log.exception("%s has failed", run.run_id)
        return CheckFailedError("unexpected_error", f"{type(error).__name__}: see the log of the executor")


def _received(message: Message) -> KafkaMessage:
    headers = {
        name: value.encode() if isinstance(value, str) else value for name, value in _headers_of(message) if value
    }
    return KafkaMessage(headers=headers, key=message.key(), value=message.value() or b"")


def _headers_of(message: Message) -> Headers:
    headers = message.headers() or []
    return list(headers.items()) if isinstance(headers, dict) else headers


def kafka_settings(brokers: str, file: str | None) -> dict[str, str]:
    """
    :param file: settings of librdkafka, such as `security.protocol=SASL_SSL`, one a line
    """
    lines = [] if file is None else Path(file).read_text(encoding="utf-8").splitlines()
    told = [line.partition("=") for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return {"bootstrap.servers": brokers} | {name.strip(): value.strip() for name, _, value in told}


def main() -> None:
    logging.Formatter.converter = time.gmtime
    logging.basicConfig(level=logging.INFO, format="%(asctime)sZ %(levelname)s %(message)s", stream=sys.stderr)
    stopping = threading.Event()

    def stop(number: int, _: FrameType | None) -> None:
        log.info("%s: stopping", signal.Signals(number).name)
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    env = os.environ
    url = env.get("SERVICE_URL")
    Executor(
        kafka_settings(env.get("KAFKA_BROKERS", "127.0.0.1:9092"), env.get("KAFKA_CONFIG_FILE")),
        env.get("KAFKA_TOPIC_PREFIX", ""),
        Service(url, env.get("SERVICE_API_KEY")) if url else None,
    ).run(stopping)


if __name__ == "__main__":
    main()
