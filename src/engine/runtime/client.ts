import type { ByteStore } from '../download/byte-store.ts';
import type { Catalogue } from '../registry/catalogue.ts';
import type { Capabilities } from './backend.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import type { Runtime } from './types.ts';

/** A worker as the client sees it. */
export interface WorkerPort {
  post: (message: ToWorker, transfer: Transferable[]) => void;
  /** Called once, before the first post. */
  listen: (onMessage: (message: FromWorker) => void, onCrash: (reason: string) => void) => void;
  terminate: () => void;
}

/** What the client needs from the place it runs in. */
export interface RuntimePorts {
  catalogue: Catalogue;
  /** Absolute address of the site's root, with a slash at the end. */
  siteRoot: string;
  startWorker: () => WorkerPort;
  /** Where downloaded files are kept; only asked, here, for what is in it. */
  store: ByteStore;
  capabilities: () => Promise<Capabilities>;
}

/** A runtime that starts its one worker at the first load. See browser.ts for the ports of a page. */
export declare function createRuntime(ports: RuntimePorts): Runtime;
