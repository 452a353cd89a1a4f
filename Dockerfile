# Any image of Debian with Node.js 20.19 or later will do. Before Node.js 22.14 the SQLite driver is compiled.
ARG NODE_IMAGE=node:22-slim

# JavaScript, made from the sources.
FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY packages ./packages
# No package needs its install script for the compiler to run.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY dashboard ./dashboard
RUN npm run build && rm -f dist/.tsbuildinfo

# The production dependencies, with the one SQLite driver that this Node.js can load (src/adapters/sqlite/driver.ts):
# from Node-API 10 on, which Node.js 22.14 has, it comes ready to run.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /build
RUN if [ "$(node -p 'process.versions.napi < 10')" = true ]; then \
      apt-get update && apt-get install -y --no-install-recommends g++ make python3; \
    fi
COPY package.json package-lock.json .npmrc ./
COPY packages ./packages
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && if [ "$(node -p 'process.versions.napi < 10')" = true ]; then \
      npm rebuild better-sqlite3 && DRIVER=better-sqlite3-node20; \
    else \
      DRIVER=better-sqlite3; \
    fi \
 && node -e "new (require('$DRIVER'))(':memory:')"

FROM ${NODE_IMAGE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="certification-cron" \
      org.opencontainers.image.description="Event-sourced cron jobs that check mentors' certifications for expiry" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# It does not start without credentials, unless ALLOW_ANONYMOUS=true says that whoever reaches the port may change jobs.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data
WORKDIR /app
COPY package.json LICENSE ./
COPY examples ./examples
COPY --from=dependencies /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
# A new volume takes over the owner of the folder. Nothing else is written to.
RUN mkdir /data && chown 1000:1000 /data
VOLUME /data
# The user `node` of the image, by number: then it can be told from root without looking into the image.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PROBE_PORT || process.env.PORT) + '/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without a shell in between: the service gets the signals itself, also as process 1.
CMD ["node", "dist/main.js"]
