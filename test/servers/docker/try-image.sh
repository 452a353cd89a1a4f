#!/usr/bin/env bash
# Tries an image of this service on the docker daemon of this machine, as strictly as docker-compose.yml runs it:
#   docker build -t certification-cron . && test/servers/docker/try-image.sh certification-cron
# Needs docker, curl and a daemon that may use the network of the host. Says what it has checked; 1 at the first fault.
set -euo pipefail

image=${1:?the image to try}
port=${PORT:-3911}
name=try-image-$$
api=http://127.0.0.1:$port/api/v1/certification-cron

check() {
  local what=$1
  shift
  if "$@"; then echo "ok: $what"; else
    echo "FAILED: $what" >&2
    docker logs "$name" >&2 2>/dev/null || true
    exit 1
  fi
}
remove() {
  docker rm -f "$name" >/dev/null 2>&1 || true
  docker volume rm "$name" >/dev/null 2>&1 || true
}
trap remove EXIT

start() {
  docker run -d --name "$name" --network host --read-only --cap-drop ALL --security-opt no-new-privileges \
    --health-interval 1s -v "$name:/data" -e ALLOW_EMBEDDED=true -e HOST=127.0.0.1 -e PORT="$port" "$image" >/dev/null
}
within() {
  local tries=$1
  shift
  for ((try = 0; try < tries; try++)); do
    if "$@"; then return 0; fi
    sleep 0.5
  done
  return 1
}
is_ready() { curl -fs "http://127.0.0.1:$port/readyz" >/dev/null; }
is_healthy() { [ "$(docker inspect -f '{{.State.Health.Status}}' "$name")" = healthy ]; }
in_image() { docker run --rm --network none --read-only "$image" "$@"; }
has_no() { in_image sh -c 'for name; do if [ -e "node_modules/$name" ]; then echo "$name is there"; exit 1; fi; done' sh "$@"; }
creates_a_job() {
  local status
  status=$(curl -s -o /dev/null -w '%{http_code}' -X POST "$api" -H 'content-type: application/json' \
    -d '{"name":"try","cron_expression":"0 2 * * *","enabled":true}')
  [ "$status" = 201 ]
}
counts_jobs() { curl -fs "$api" | grep -q "\"total\":$1"; }
stops_in_time() {
  local started=$SECONDS
  docker stop -t 10 "$name" >/dev/null
  [ "$(docker inspect -f '{{.State.ExitCode}}' "$name")" = 0 ] && [ $((SECONDS - started)) -lt 10 ]
}
shows_its_api() {
  [ "$(curl -fs "http://127.0.0.1:$port/docs/swagger-ui-bundle.js" | wc -c)" -gt 1000000 ]
}
refuses_without_servers() {
  local code=0
  in_image >/dev/null 2>&1 || code=$?
  [ "$code" = 78 ]
}

check 'its user is not root' [ "$(in_image id -u)" != 0 ]
check 'no compiler is in it' in_image sh -c '! command -v g++ && ! command -v make && ! command -v python3'
check 'no development dependency is in it' has_no typescript jest eslint testcontainers prettier tsx cloudevents playwright-core
check 'in production it refuses to start without servers' refuses_without_servers
start
check 'it becomes ready on a read-only file system, without capabilities' within 40 is_ready
check 'it becomes healthy' within 40 is_healthy
check 'process 1 is node' [ "$(docker exec "$name" node -p 'require("fs").readFileSync("/proc/1/comm", "utf8").trim()')" = node ]
check 'it creates a job' creates_a_job
check 'it has what shows its API' shows_its_api
check 'verify proves its log' docker exec "$name" node dist/cli/cli.js verify
check 'SIGTERM ends it with 0 within 10 s' stops_in_time
docker start "$name" >/dev/null
check 'it starts again' within 40 is_ready
check 'the job is still there' counts_jobs 1
check 'import reads a file of the image' docker exec "$name" node dist/cli/cli.js import examples/certifications.csv
