// How large the outputs of each layer and their gradients are, by epoch.
function scalesPart({scales}) {
  if (!scales) return null;
  const view = new View();
  const chart = (title, rows) => new Chart(view, {title, series: scales.layers.map((label, k) => {
    const points = scales.epochs.map((x, i) => {
      const mean = rows[i][k];
      return {x, n: 1, mean, min: mean, max: mean, std: 0};
    }).filter(p => p.mean > 0);
    return {label, keys: [label], color: color(k), dashed: k % 16 >= 8, points, runs: [points]};
  })});
  return section('Outputs and gradients by layer',
    'Root mean square over the last batch of an epoch: of the outputs of a layer, and of the ' +
    'gradient of the loss with respect to them.',
    el('div', {class: 'controls', role: 'group', 'aria-label': 'Layers'},
      ...scales.layers.map((name, k) =>
        toggle(name, true, on => view.show(name, on), swatch(color(k), k % 16 >= 8)))),
    el('div', {class: 'charts', id: 'scales'},
      chart('Outputs', scales.outputs).box, chart('Gradients', scales.gradients).box));
}
