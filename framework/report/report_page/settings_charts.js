// Charts of several settings. Each is as wide as its box and drawn anew when that changes.

let drawings = [];

// `draw(width)` gives what is in the picture.
function drawing({title, text, height, draw, tools = null, menus = null, wide = false}) {
  const plot = svg('svg', {height, role: 'img', 'aria-label': text, tabindex: 0});
  const redraw = () => {
    const width = plot.clientWidth;
    if (!width) return;
    plot.setAttribute('viewBox', `0 0 ${width} ${height}`);
    plot.replaceChildren(...draw(width).filter(Boolean));
  };
  const box = el('figure', {class: wide ? 'chart still wide' : 'chart still'},
    el('figcaption', {}, el('h3', {}, title), tools), menus, plot);
  new ResizeObserver(redraw).observe(box);
  drawings.push(redraw);
  return box;
}

const FRAME = {top: 10, bottom: 40, height: 264};

// The axis of a metric, and at its worse end a strip for the runs without a number.
function metricFrame(scale, width) {
  const room = Math.max(...scale.ticks.map(t => scale.text(t).length), scale.failed ? 6 : 2) * 7 + 12;
  const bottom = FRAME.height - FRAME.bottom;
  const strip = scale.failed ? 24 : 0;
  const above = scale.smallIsGood;
  const [low, top] = [bottom - 6 - (above ? 0 : strip), FRAME.top + 6 + (above ? strip : 0)];
  const y = value => known(value) ? low - scale.share(value) * (low - top) :
    above ? FRAME.top + 6 : bottom - 10;
  const line = (at, name = 'grid') => svg('line', {class: name, x1: room, x2: width - 8, y1: at, y2: at});
  const text = (at, words) => svg('text', {x: room - 8, y: at + 4, 'text-anchor': 'end'}, words);
  const nodes = scale.ticks.flatMap(t => [line(y(t)), text(y(t), scale.text(t))]);
  if (scale.failed) nodes.push(line(above ? top - 10 : low + 8, 'guide'), text(y(NaN), 'failed'));
  nodes.push(line(bottom, 'axis'));
  return {left: room, right: width - 8, bottom, y, nodes};
}

const LETTER = 6.6;  // the width of a letter

// Ticks that do not run into each other: words are shortened, numbers left out.
function keyTicks(scale, {left, right, bottom}) {
  const width = right - left;
  const ticks = scale.ticks(Math.max(2, Math.floor(width / 56)));
  const gap = ticks.length > 1 ? Math.min(...ticks.slice(1).map((t, i) => t.at - ticks[i].at)) : 1;
  const room = scale.numeric ? Infinity : Math.max(4, Math.floor(gap * width / LETTER) - 1);
  let end = -Infinity;
  return ticks.flatMap(({at, text}) => {
    const x = left + at * width;
    const mark = svg('line', {class: 'axis', x1: x, x2: x, y1: bottom, y2: bottom + 4});
    const words = shorter(text, room);
    const half = words.length * LETTER / 2;
    if (x - half < end + LETTER) return [mark];
    end = x + half;
    return [mark, svg('text', {x, y: bottom + 17, 'text-anchor': 'middle'}, words,
      svg('title', {}, text))];
  });
}

const axisName = (name, {left, right}) => svg('text', {x: (left + right) / 2, y: FRAME.height - 4,
  'text-anchor': 'middle'}, shorter(name, Math.floor((right - left) / 6)));

// A dot; a ring if the run was not trained to the end, a cross if it failed.
function outcomeMark({run, value, whole}, x, y, fill, format) {
  const title = svg('title', {}, `${run.label}: ${known(value) ? format(value) : 'failed'}` +
    (whole ? '' : `, ${run.status}`));
  if (!known(value)) {
    return svg('path', {class: 'failure', d: `M${x - 3.5} ${y - 3.5}l7 7m0 -7l-7 7`}, title);
  }
  return svg('circle', {class: whole ? 'outcome' : 'outcome unfinished', cx: x.toFixed(1),
    cy: y.toFixed(1), r: 3.2, ...(whole ? {fill} : {stroke: fill, fill: 'none'})}, title);
}

function meansOf(outcomes, k, scale) {
  const many = Math.min(8, Math.max(2, Math.round(Math.sqrt(report.groups.length))));
  const most = scale.levels.length <= 12 ? 12 : many;
  return classesOf(scale, most).map(({name, has}) => {
    const own = counted(outcomes.filter(o => has(settingOf(o.run, k))));
    const numbers = finite(own);
    return {name, failed: own.length - numbers.length, n: own.length,
      mean: numbers.length ? meanOf(numbers.map(o => o.value)) : NaN,
      at: numbers.length ? meanOf(numbers.map(o => scale.at(settingOf(o.run, k)))) : NaN};
  });
}

// A metric against a key: a dot for each run, a line for the means.
function keyChart(metric, k) {
  const scale = new KeyScale(k);
  const outcomes = outcomesOf(metric);
  const means = meansOf(outcomes, k, scale);
  const format = formatOf(metric);
  const draw = width => {
    const upright = new MetricScale(metric, outcomes);
    const frame = metricFrame(upright, width);
    const x = at => frame.left + at * (frame.right - frame.left);
    const shown = means.filter(m => known(m.mean));
    const half = Math.min(16, (frame.right - frame.left) / 3 / Math.max(shown.length, 1));
    return [...frame.nodes, ...keyTicks(scale, frame), axisName(scale.name, frame),
      ...outcomes.map(o => outcomeMark(o, x(scale.at(settingOf(o.run, k))), frame.y(o.value), color(0),
        format)),
      scale.numeric ? svg('path', {class: 'mean', d: shown.filter(m => m.name !== 'none')
        .map((m, i) => `${i ? 'L' : 'M'}${x(m.at).toFixed(1)} ${frame.y(m.mean).toFixed(1)}`)
        .join('')}) : null,
      ...shown.map(m => svg('line', {class: 'mean', x1: x(m.at) - half, x2: x(m.at) + half,
        y1: frame.y(m.mean), y2: frame.y(m.mean)},
      svg('title', {}, `${scale.name} ${m.name}: mean ${format(m.mean)} of ${m.n - m.failed}`)))];
  };
  const text = `${titleOf(metric)} by ${scale.name}. ${means.map(m => `${m.name}: ` +
    `${known(m.mean) ? `mean ${format(m.mean)} of ${m.n - m.failed} runs` : 'no number'}` +
    (m.failed ? `, ${m.failed} failed` : '')).join('; ')}`;
  return drawing({title: `${titleOf(metric)} by ${scale.name}`, text, height: FRAME.height, draw});
}

// The mean metric of each pair of values, or of each run where there are too many values.
const MOST_CELLS = 12;

function heatCells(metric, outcomes, kx, ky, [sx, sy]) {
  const [columns, rows] = [classesOf(sx, MOST_CELLS), classesOf(sy, MOST_CELLS)];
  const cells = rows.flatMap((row, r) => columns.map((column, c) => {
    const own = counted(outcomes.filter(o =>
      row.has(settingOf(o.run, ky)) && column.has(settingOf(o.run, kx))));
    const numbers = finite(own);
    return {r, c, n: own.length, name: `${sx.name} ${column.name}, ${sy.name} ${row.name}`,
      value: numbers.length ? meanOf(numbers.map(o => o.value)) : NaN};
  })).filter(cell => cell.n);
  return {columns, rows, cells, scale: new MetricScale(metric, cells)};
}

function heatCell(cell, {x, y, w, h}, scale) {
  const format = v => scale.text(v);
  const good = known(cell.value) ? scale.goodness(cell.value) : 0;
  const failed = !known(cell.value);
  const words = failed ? 'failed' : format(cell.value);
  const fits = w > words.length * 6.4 + 2 && h > 15;
  return [svg('rect', {class: failed ? 'cell failed' : 'cell', x, y, width: Math.max(1, w - 2),
    height: Math.max(1, h - 2), opacity: failed ? 0.35 : 0.08 + 0.87 * good},
  svg('title', {}, `${cell.name}: ${words}, ${cell.n} run${cell.n === 1 ? '' : 's'}`)),
  fits ? svg('text', {class: good > 0.5 ? 'on strong' : 'on', x: x + w / 2 - 1, y: y + h / 2 + 3,
    'text-anchor': 'middle'}, words) : null];
}

function drawCells({columns, rows, cells, scale}, [sx, sy], width) {
  const longest = Math.max(...rows.map(row => row.name.length), 3);
  const left = Math.min(longest * 6.8 + 14, width * 0.34);
  const [top, bottom] = [24, FRAME.height - FRAME.bottom];
  const [w, h] = [(width - 8 - left) / columns.length, (bottom - top) / rows.length];
  const place = ({r, c}) => ({x: left + c * w, y: bottom - (r + 1) * h, w, h});
  return [
    svg('text', {x: 2, y: 12}, shorter(sy.name, Math.floor(width / 7))),
    ...rows.map((row, r) => svg('text', {x: left - 7, y: bottom - (r + 0.5) * h + 3,
      'text-anchor': 'end'}, shorter(row.name, Math.floor((left - 8) / 6.6)),
    svg('title', {}, row.name))),
    ...columns.map((column, c) => svg('text', {x: left + (c + 0.5) * w - 1, y: bottom + 16,
      'text-anchor': 'middle'}, shorter(column.name, Math.max(3, Math.floor(w / 6.6))),
    svg('title', {}, column.name))),
    ...cells.flatMap(cell => heatCell(cell, place(cell), scale)),
    axisName(sx.name, {left, right: width - 8}),
  ];
}

function drawPlaces(outcomes, metric, [kx, ky], [sx, sy], width) {
  const scale = new MetricScale(metric, outcomes);
  const ticks = sy.ticks(5);
  const left = Math.min(Math.max(...ticks.map(t => t.text.length)) * 6.8 + 14, width * 0.34);
  const frame = {left, right: width - 8, bottom: FRAME.height - FRAME.bottom};
  const y = at => frame.bottom - at * (frame.bottom - 24);
  const x = at => left + at * (frame.right - left);
  return [
    svg('text', {x: 2, y: 12}, shorter(sy.name, Math.floor(width / 7))),
    ...ticks.flatMap(t => [
      svg('line', {class: 'grid', x1: left, x2: frame.right, y1: y(t.at), y2: y(t.at)}),
      svg('text', {x: left - 7, y: y(t.at) + 4, 'text-anchor': 'end'},
        shorter(t.text, Math.floor((left - 8) / 6.6)))]),
    svg('line', {class: 'axis', x1: left, x2: frame.right, y1: frame.bottom, y2: frame.bottom}),
    ...keyTicks(sx, frame), axisName(sx.name, frame),
    ...outcomes.map(o => {
      const [px, py] = [x(sx.at(settingOf(o.run, kx))), y(sy.at(settingOf(o.run, ky)))];
      const words = `${o.run.label}: ${known(o.value) ? scale.text(o.value) : 'failed'}`;
      if (!known(o.value)) return outcomeMark(o, px, py, color(0), String);
      return svg('circle', {class: 'place', cx: px.toFixed(1), cy: py.toFixed(1), r: 6,
        opacity: 0.08 + 0.87 * scale.goodness(o.value)}, svg('title', {}, words));
    }),
  ];
}

function heatMap(metric, kx, ky, menus) {
  const scales = [kx, ky].map(k => new KeyScale(k));
  const outcomes = outcomesOf(metric);
  const dense = scales.every(s => s.levels.length <= MOST_CELLS);
  const heat = heatCells(metric, outcomes, kx, ky, scales);
  const draw = width => dense ? drawCells(heat, scales, width) :
    drawPlaces(outcomes, metric, [kx, ky], scales, width);
  const text = `Mean ${titleOf(metric)}. ${heat.cells.map(cell => `${cell.name}: ` +
    (known(cell.value) ? heat.scale.text(cell.value) : 'failed')).join('; ')}`;
  return drawing({title: `${titleOf(metric)} by ${scales[0].name} and ${scales[1].name}`, text,
    height: FRAME.height, draw, menus});
}

// One line for each setting through the axes of all keys to the metric: the better, the stronger.
function parallelChart(metric) {
  const scales = report.keys.map((_, k) => new KeyScale(k));
  const outcomes = outcomesOf(metric);
  const means = report.groups.map(name => {
    const own = counted(outcomes.filter(o => o.run.group === name));
    const numbers = finite(own);
    return {name, run: own[0]?.run, value: own.length && numbers.length === own.length ?
      meanOf(numbers.map(o => o.value)) : NaN};
  }).filter(setting => setting.run);
  const upright = new MetricScale(metric, means);
  const ranked = means.filter(m => known(m.value))
    .sort((a, b) => upright.goodness(a.value) - upright.goodness(b.value));
  const best = report.apart.includes(metric) ? undefined : ranked[ranked.length - 1];
  const text = `${means.length} settings of ${report.keys.join(', ')} and their ` +
    `${titleOf(metric)}. ` + (best ? `The best, ${best.name}: ${upright.text(best.value)}` : '');
  return drawing({title: 'All keys', text, height: 340, wide: true,
    draw: width => drawParallel(metric, scales, ranked, means, upright, width)});
}

function drawParallel(metric, scales, ranked, means, upright, width) {
  const [top, bottom] = [46, 322];
  const edge = Math.min(56, width / (2 * scales.length + 2));
  const x = i => edge + i * (width - 2 * edge) / scales.length;
  const room = Math.max(4, Math.floor((width - 2 * edge) / scales.length / 6.6) - 1);
  const y = at => bottom - at * (bottom - top);
  const [worst, from] = upright.smallIsGood ? [1, 0] : [0, 0.08];
  const end = value => y(known(value) ? from + 0.92 * upright.share(value) : worst);
  const power = ranked.length > 60 ? 5 : 2;
  const path = ({run, value}) => scales.map((s, k) =>
    `${k ? 'L' : 'M'}${x(k).toFixed(1)} ${y(s.at(settingOf(run, k))).toFixed(1)}`).join('') +
    `L${x(scales.length).toFixed(1)} ${end(value).toFixed(1)}`;
  const title = m => svg('title', {},
    `${m.name}: ${known(m.value) ? upright.text(m.value) : 'failed'}`);
  const axes = [...scales.map((s, k) => [s.name, s.ticks(6).map(t => [y(t.at), t.text]), x(k)]),
    [titleOf(metric), [...upright.ticks.map(t => [end(t), upright.text(t)]),
      ...(means.some(m => !known(m.value)) ? [[y(worst), 'failed']] : [])], x(scales.length)]];
  const name = (words, at, i) => svg('text', {class: 'axis-name', x: at, y: i % 2 ? 30 : 14,
    'text-anchor': i === 0 ? 'start' : i === scales.length ? 'end' : 'middle',
    dx: i === 0 ? -edge + 2 : i === scales.length ? edge - 2 : 0},
  shorter(words, Math.max(8, 2 * room)), svg('title', {}, words));
  return [
    ...means.filter(m => !known(m.value)).map(m =>
      svg('path', {class: 'setting failed', d: path(m)}, title(m))),
    ...ranked.map((m, i) => svg('path', {class: 'setting', d: path(m),
      opacity: (0.06 + 0.86 * ((i + 1) / ranked.length) ** power).toFixed(3)}, title(m))),
    ...axes.flatMap(([words, ticks, at], i) => [
      svg('line', {class: 'rail', x1: at, x2: at, y1: top, y2: bottom}), name(words, at, i),
      ...ticks.map(([place, tick]) => svg('text', {class: 'on-line', y: place + 4,
        x: i === scales.length ? at - 5 : at + 5,
        'text-anchor': i === scales.length ? 'end' : 'start'}, shorter(tick, room),
      svg('title', {}, tick)))]),
  ];
}

// The outcomes in the order in which the runs ended, and the best until then.
function bestChart(metric, byTime, tools) {
  const order = outcomesOf(metric).filter(o => o.whole && known(o.run.ended))
    .sort((a, b) => a.run.ended - b.run.ended);
  if (order.length < 2) return null;
  const start = order[0].run.ended;
  const places = order.map((o, i) => byTime ? (o.run.ended - start) / 60 : i + 1);
  let best = NaN;
  const line = order.map((o, i) => {
    if (known(o.value) && (!known(best) || isBetter(metric, o.value, best))) best = o.value;
    return [places[i], best];
  }).filter(([, value]) => known(value));
  const scale = new MetricScale(metric, order);
  const [low, high] = sizes(places);
  const draw = width => {
    const frame = metricFrame(scale, width);
    const x = at => frame.left + 6 +
      (at - low) / (high - low || 1) * (frame.right - frame.left - 12);
    const ticks = linearTicks(low, high, Math.min(8, (frame.right - frame.left) / 50), !byTime);
    const step = line.map(([at, value], i) => i ? `H${x(at).toFixed(1)}V${frame.y(value).toFixed(1)}` :
      `M${x(at).toFixed(1)} ${frame.y(value).toFixed(1)}`).join('');
    return [...frame.nodes, ...ticks.flatMap(t => [
      svg('line', {class: 'axis', x1: x(t), x2: x(t), y1: frame.bottom, y2: frame.bottom + 4}),
      svg('text', {x: x(t), y: frame.bottom + 17, 'text-anchor': 'middle'}, number(t))]),
    axisName(byTime ? 'minutes since the first run ended' : 'runs that have ended', frame),
    ...order.map((o, i) => outcomeMark(o, x(places[i]), frame.y(o.value), color(0),
      formatOf(metric))),
    svg('path', {class: 'line', stroke: color(1), d: step})];
  };
  const last = line[line.length - 1];
  return drawing({title: 'Best so far', height: FRAME.height, draw, tools,
    text: `Best ${titleOf(metric)} so far: ${last ? formatOf(metric)(last[1]) : 'no number'} after ` +
      `${order.length} runs`});
}
