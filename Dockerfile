# Builds with all dependencies; what runs has production dependencies only, no shell, and no right to write anything.
FROM node:24-slim AS compiled
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json openapi.json ./
COPY apps apps
COPY libs libs
COPY config config
RUN npm run build

FROM compiled AS pruned
RUN npm prune --omit=dev

# The emulator and the identity provider of the demo.
FROM compiled AS demo
USER node

FROM gcr.io/distroless/nodejs24-debian12:nonroot AS gateway
WORKDIR /app
ENV NODE_ENV=production
COPY --from=pruned /app/package.json /app/openapi.json ./
COPY --from=pruned /app/node_modules node_modules
COPY --from=pruned /app/dist/apps/gateway/src/main.js /app/dist/apps/gateway/src/main.js.map dist/apps/gateway/src/
COPY --from=pruned /app/dist/apps/policy/src/main.js /app/dist/apps/policy/src/main.js.map dist/apps/policy/src/
EXPOSE 3000 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["/nodejs/bin/node", "-e", "fetch('http://127.0.0.1:3001/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["--enable-source-maps", "dist/apps/gateway/src/main.js"]
