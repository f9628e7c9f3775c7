document.querySelectorAll("table.searchable").forEach(table => {
  const body = table.tBodies[0], rows = [...body.rows], heads = [...table.tHead.rows[0].cells];
  const tools = document.getElementById(table.id + "-tools");
  const value = (row, i) => row.cells[i].dataset.sort ?? row.cells[i].textContent;
  const order = (a, b) => a === b ? 0 : a === "" ? 1 : b === "" ? -1 : null;
  heads.forEach((head, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.onclick = () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const numeric = head.classList.contains("number") || head.dataset.kind === "verdict";
      rows.sort((x, y) => {
        const a = value(x, i), b = value(y, i), empty = order(a, b);
        if (empty !== null) return empty;
        const way = numeric ? a - b : a.localeCompare(b, document.documentElement.lang);
        return down ? -way : way;
      });
      body.append(...rows);
    };
  });
  const find = tools.querySelector("input"), pick = tools.querySelector("select");
  const said = tools.querySelector("output");
  const filter = () => {
    const text = find.value.trim().toLowerCase();
    let n = 0;
    rows.forEach(row => {
      const fits = row.textContent.toLowerCase().includes(text) &&
        (!pick.value || row.dataset.verdict === pick.value);
      row.hidden = !fits;
      n += fits;
    });
    said.textContent = said.dataset.text.replace("{n}", n).replace("{all}", rows.length);
  };
  find.oninput = pick.onchange = filter;
  tools.hidden = false;
  filter();
});
