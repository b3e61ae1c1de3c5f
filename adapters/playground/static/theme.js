// Applies the remembered theme before anything is drawn.
(() => {
  try {
    const theme = localStorage.getItem("folkmoot-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch { /* no storage: the system's theme it is */ }
})();
