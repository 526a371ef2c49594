// What stands out in a run: computed by nabla, serious ones first.
function standoutsPart({standouts}) {
  if (!standouts) return null;
  const item = s => el('li', {class: s.serious ? 'serious' : null}, s.text,
    s.try ? el('span', {class: 'try'}, 'Try ', el('code', {}, s.try)) : null,
    s.tried ? el('span', {class: 'tried'}, s.tried.text) : null);
  return section('What stands out', null, el('ul', {class: 'standouts', id: 'standouts'},
    ...standouts.map(item)));
}
