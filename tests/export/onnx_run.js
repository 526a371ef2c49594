// Runs models in onnxruntime-web: node onnx_run.js MANIFEST. The manifest is a list of
// {name, model, shape, input, output, result}: paths of raw little-endian numbers, and which of the
// model's results `output` is. Prints the name and the greatest difference, relative to numbers above
// 1, a line each.
const fs = require('fs');
const {createRequire} = require('module');
const ort = createRequire(process.env.NABLA_ORT + '/')('onnxruntime-web');

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

function numbers(file) {
  const bytes = fs.readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

async function difference(item) {
  const session = await ort.InferenceSession.create(fs.readFileSync(item.model));
  const results = await session.run({input: new ort.Tensor('float32', numbers(item.input), item.shape)});
  const found = results[item.result].data;
  const expected = numbers(item.output);
  if (found.length !== expected.length) return `${found.length} numbers, not ${expected.length}`;
  let largest = 0;
  for (let i = 0; i < found.length; ++i) {
    const gap = Math.abs(found[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
    if (!(gap <= largest)) largest = gap;
  }
  return largest;
}

(async () => {
  for (const item of JSON.parse(fs.readFileSync(process.argv[2]))) {
    console.log(item.name, await difference(item).catch(error => error.message.replace(/\s+/g, '_')));
  }
})();
