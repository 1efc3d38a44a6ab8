// undici's `Client` alone: the package's entry loads everything else and sets the process's global
// dispatcher.
declare module 'undici/lib/dispatcher/client.js' {
  import type { Client } from 'undici';

  const client: typeof Client;
  export default client;
}
