import autocannon from 'autocannon';
import { CONNECTIONS, TIMEOUT_SECONDS, type Load } from '../load.js';

/** For machines without `wrk`. */
export const autocannonLoad: Load = async (port, requests, seconds) => {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: CONNECTIONS,
    duration: seconds,
    timeout: TIMEOUT_SECONDS,
    requests: requests as autocannon.Request[],
  });
  const { p50, p99 } = result.latency;
  return {
    requests: result.requests.total,
    seconds: result.duration,
    p50Ms: p50,
    p99Ms: p99,
    failed: result.non2xx + result.errors,
  };
};
