/** The environment without what a test runner says of itself: what is started should be what a person gets. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter(
    (name) => !/^(VITEST|VITE_|NODE_ENV$|TEST$|MODE$|DEV$|PROD$|SSR$|BASE_URL$)/.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
