// Renders ZPL with zpl-renderer-js, a renderer this program has no part in.
// Arguments: module folder, ZPL file, PNG file, width mm, height mm, dots per mm.
const fs = require("node:fs");
const path = require("node:path");

const [folder, source, target, width, height, dpmm] = process.argv.slice(2);
const { ready } = require(path.join(folder, "zpl-renderer-js"));

(async () => {
  const { api } = await ready;
  const zpl = fs.readFileSync(source, "latin1");
  const png = await api.zplToBase64Async(zpl, Number(width), Number(height), Number(dpmm));
  fs.writeFileSync(target, Buffer.from(png, "base64"));
  process.exit(0);
})();
