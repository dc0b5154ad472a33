// This folder is the whole application: without a lock file Next.js would look for one further up.
const here = import.meta.dirname;

export default { turbopack: { root: here }, outputFileTracingRoot: here };
