# Builds with all dependencies; what runs has the bundle, the few packages that are not in it, no shell, and no right to write anything.
# Base images by digest: docs/releasing.md says how they are renewed.
FROM node:24-slim@sha256:a9f5f7c91a432850b2a8a7797adf5eadb6c733ceed61167806cee7ea7fbc29df AS compiled
WORKDIR /app
# .npmrc keeps scripts of packages from running.
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json openapi.json ./
COPY apps apps
COPY libs libs
COPY config config
RUN npm run image-tree

# The emulator and the identity provider of the demo.
FROM compiled AS demo
USER node

FROM gcr.io/distroless/nodejs24-debian12:nonroot@sha256:14d42e2511532589a7c7e01a753667a74fcc96266e137e8125006b87b0c32d0a AS gateway
WORKDIR /app
ENV NODE_ENV=production
# The licences and a bill of materials (sbom.cdx.json) are in it.
COPY --from=compiled /app/dist/image ./
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="IDaaS Print Gateway" \
  org.opencontainers.image.description="A backend-for-frontend gateway in front of the Entrust IDaaS Issuance API" \
  org.opencontainers.image.licenses="UNLICENSED" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION" \
  org.opencontainers.image.created="$CREATED" \
  org.opencontainers.image.base.name="gcr.io/distroless/nodejs24-debian12:nonroot"
EXPOSE 3000 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["/nodejs/bin/node", "-e", "fetch('http://127.0.0.1:3001/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["dist/apps/gateway/src/main.js"]
