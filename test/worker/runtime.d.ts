declare namespace Cloudflare {
  interface GlobalProps {
    /** The entry that these tests run, which types `exports.default`. */
    mainModule: typeof import('#worker/dev.ts')
  }
}
