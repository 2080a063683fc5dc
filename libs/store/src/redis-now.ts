/** The time of the server: gateways have clocks of their own, and none of them counts. */
export const NOW = `local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)`;
