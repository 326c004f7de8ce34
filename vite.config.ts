import { fileURLToPath } from 'node:url'
import solid from 'vite-plugin-solid'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { firstLoad } from './scripts/first-load.ts'
import { conversation, firstScreen } from './scripts/first-screen.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * Builds the client. The page runs under `script-src 'self'; style-src 'self'`, so nothing may end up inline but the
 * two elements of `firstScreen`: no data: URIs, no polyfill script, and no style attributes in Solid's templates.
 */
export default defineConfig({
  root: at('./client'),
  // Its default entry is one script that nothing can be left out of; this one is for browsers of this decade.
  resolve: { alias: { dexie: 'dexie/dist/modern/dexie.mjs' } },
  plugins: [
    {
      name: 'build time',
      // In the page and not in a script, so that scripts that did not change keep their names [E16].
      transformIndexHtml: () => [
        { tag: 'meta', attrs: { name: 'build', content: String(Date.now()) }, injectTo: 'head-prepend' },
      ],
    },
    firstScreen(),
    solid({ solid: { inlineStyles: false } as object }),
    VitePWA({
      // The page registers it itself: an injected inline script would be refused by the policy.
      injectRegister: false,
      // A new build waits until the page lets it in, when nobody is typing [E17].
      registerType: 'prompt',
      includeAssets: ['icon.svg', 'icon-192.png'],
      manifest: {
        name: 'Parley',
        short_name: 'Parley',
        description: 'A shared inbox for business texting.',
        start_url: '/',
        display: 'standalone',
        background_color: '#f5f5f3',
        theme_color: '#f5f5f3',
        id: '/',
        icons: [
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
          // Drawn from it by `npm run icons`.
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        // Everything but the handsets of development, also what a page fetches only when it needs it.
        globPatterns: ['index.html', 'assets/*.{js,css}', 'icon.svg'],
        importScripts: ['push.js', 'background.js'],
        globIgnores: ['assets/simulator-*'],
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [/^\/(api|hooks|simulator|healthz|m)(\/|$|\?)/],
        cleanupOutdatedCaches: true,
        // Readable, and no source maps that name this machine's folders.
        sourcemap: false,
      },
    }),
  ],
  build: {
    outDir: at('./dist/client'),
    emptyOutDir: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The last two versions of each browser [F19], all of which know light-dark().
    target: ['chrome130', 'edge130', 'firefox128', 'safari17.5'],
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: firstLoad({
            entry: at('./client/main.tsx'),
            beside: at('./client/simulator/main.tsx'),
            conversation,
          }),
        },
      },
      input: {
        index: at('./client/index.html'),
        // The handset simulator is for development: a deployed bundle does not hold it.
        ...(process.env.PARLEY_DEV ? { simulator: at('./client/simulator.html') } : {}),
      },
    },
  },
})
