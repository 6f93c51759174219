// Brings a devcluster up that belongs to this process, and stays until it is ended.
import { bringUp } from '../../../devcluster/instance/bring-up.ts';

const [name = '', store] = process.argv.slice(2);
const devcluster = await bringUp({ name, temporalStore: store === 'postgres' ? store : 'none' });
setInterval(() => undefined, 1000);
process.stdout.write(`is up ${devcluster.kubeconfigPath}\n`);
