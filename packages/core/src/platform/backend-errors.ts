/** What is said when there is no backend. */
import { backends, CeratopsError, suggest } from '@ceratops/kernel-registry';

/** By backend, the fastest first. */
export const officialPackages: Readonly<Record<string, string>> = {
  cuda: '@ceratops/backend-cuda-native',
  webgpu: '@ceratops/backend-webgpu',
  cpu: '@ceratops/backend-cpu',
};

export function noBackend(): CeratopsError {
  return new CeratopsError('NO_BACKEND', 'no backend is installed', {
    remedy: "npm install @ceratops/backend-cpu, then import '@ceratops/backend-cpu'",
  });
}

export function unknownBackend(name: string): CeratopsError {
  const specifier = officialPackages[name];
  const known = backends().map((factory) => factory.name);
  return new CeratopsError(specifier === undefined ? 'UNKNOWN_NAME' : 'NO_BACKEND', 'no such backend', {
    subject: name,
    expected: known.length > 0 ? `one of ${known.join(', ')}` : 'a registered backend',
    remedy:
      specifier === undefined
        ? (suggest(name, new Set([...known, ...Object.keys(officialPackages)])) ??
          'import the package that registers it')
        : `npm install ${specifier}, then import '${specifier}'`,
  });
}
