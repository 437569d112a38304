# One image for every role; which one is the command: `dist/bin/api.js`, `reactor.js`, `worker.js`, or `all.js`.
# Debian, not Alpine: Temporal's native part is built for glibc only. Node is the version that package.json pins.
FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json ./
# No install scripts: the one that matters brings Node 24 to machines with an older one.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY domain ./domain
COPY ledger ./ledger
COPY projections ./projections
COPY http-client ./http-client
COPY channels ./channels
COPY reactor ./reactor
COPY workflows ./workflows
COPY activities ./activities
COPY api ./api
COPY bin ./bin
RUN node node_modules/typescript/bin/tsc -p tsconfig.build.json \
  && node dist/bin/bundle-workflows.js \
  && rm dist/.tsbuildinfo

FROM base AS dependencies
COPY package.json package-lock.json ./
# Temporal's native part comes for five platforms; those that are not Linux are 80 MB.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && npm cache clean --force \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name '*-unknown-linux-gnu' -exec rm -r {} +

FROM base AS final
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
# A new named volume takes owner and mode from the folder that it covers.
RUN install -d -o node -g node -m 0700 /data /keys /simulator
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
# The user `node`, as a number, so that an orchestrator can see that it is not root.
USER 1000:1000
EXPOSE 8080
STOPSIGNAL SIGTERM
# Ready once ledger and views serve. Folding a long ledger anew takes minutes: those do not count as failures.
HEALTHCHECK --interval=5s --timeout=5s --start-period=15m --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/bin/all.js"]
