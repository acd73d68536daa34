import { defineConfig } from "vitest/config";

/** Django serves the result: django-vite reads the manifest, `base` is its STATIC_URL. */
export default defineConfig({
  base: "/static/",
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    target: "es2022",
    // A strict content policy forbids data: and blob: code, so every worker stays a file.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ["src/pages/site.ts", "src/pages/speak.ts", "src/pages/listen.ts", "src/pages/review.ts", "src/pages/write.ts"],
      // What pages share is one file: on a slow network each further one costs a round trip.
      output: { codeSplitting: { groups: [{ name: "shared", test: /src\/(?!pages|elements\/vc-(speak|listen|mic))/, minShareCount: 2 }] } },
    },
  },
  worker: { format: "iife" },
  // A busy machine is no failure: the limit only ends what hangs.
  test: { include: ["tests/**/*.test.ts"], environment: "node", testTimeout: 60_000 },
});
