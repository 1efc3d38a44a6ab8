// @peculiar/x509 builds on a container that wants the metadata part of `Reflect` before it is
// loaded. These three functions are all it uses; import this file first.

const metadata = new WeakMap<object, Map<unknown, unknown>>();

const getMetadata = (key: unknown, target: object) => metadata.get(target)?.get(key);

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const ofTarget = metadata.get(target) ?? new Map<unknown, unknown>();
  metadata.set(target, ofTarget.set(key, value));
}

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, { getMetadata, getOwnMetadata: getMetadata, defineMetadata });
}
