import { readdirSync, readFileSync } from 'node:fs';

/** The processor time that all threads of a process have had until now, in milliseconds, as the kernel counts it (`proc(5)`, schedstat). */
export function cpuTimeMs(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((sum, task) => {
    const [ranNs] = readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ');
    return sum + Number(ranNs) / 1e6;
  }, 0);
}
