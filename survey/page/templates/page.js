// What is dropped anywhere on a box is handed to its own field, and sent at once.
document.querySelectorAll("form.upload").forEach(form => {
  const field = form.querySelector("input[type=file]"), box = form.closest(".drop") ?? form;
  const busy = form.querySelector("[data-busy]");
  const send = () => {
    if (busy) busy.hidden = false;
    form.requestSubmit();
  };
  field.onchange = send;
  box.addEventListener("dragover", event => { event.preventDefault(); box.classList.add("over"); });
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", event => {
    event.preventDefault();
    box.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    send();
  });
});
// A file dropped beside a box must not replace the page.
for (const kind of ["dragover", "drop"]) addEventListener(kind, event => event.preventDefault());
// Work that runs: ask how far it is, and show the page anew when it has ended.
document.querySelectorAll("[data-wait]").forEach(box => {
  const bar = box.querySelector("progress"), said = box.querySelector("[data-said]");
  const ask = async () => {
    try {
      const told = await (await fetch(box.dataset.wait)).json();
      if (!told.running) return location.reload();
      if (bar) bar.value = told.share;
      if (said) said.textContent = told.said;
      document.querySelectorAll("[data-early]").forEach(link => { link.hidden = !told.early; });
    } catch { /* the server is away for a moment, or has ended: ask again */ }
    setTimeout(ask, 700);
  };
  setTimeout(ask, 300);
});
// The server ends itself once no window has said for hours that it is open.
setInterval(() => fetch("/alive").catch(() => { /* it has ended */ }), 300000);
