import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { type UserConfig, defineConfig } from "vite";

const BASE = "/static/";

/** The service worker, built after the pages because it must name their files: one plain script, no imports left. */
export default defineConfig((): UserConfig => {
  const files = readdirSync("dist/assets").map((name) => `${BASE}assets/${name}`);
  const version = createHash("sha256")
    .update(readFileSync("dist/manifest.json"))
    .update(files.join())
    .digest("hex")
    .slice(0, 12);
  return {
    base: BASE,
    define: { FILES: JSON.stringify(files), VERSION: JSON.stringify(version) },
    publicDir: false,
    build: {
      outDir: "dist",
      emptyOutDir: false,
      target: "es2022",
      lib: { entry: "src/sw.ts", formats: ["iife"], name: "sw", fileName: () => "sw.js" },
    },
  };
});
