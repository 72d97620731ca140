/** Styles of the public page: both themes by what the reader prefers, one column on every width. */
export const css = `
:root{color-scheme:light dark;--bg:#f7f7f8;--card:#fff;--line:#e3e4e8;--text:#17181c;--dim:#5c5f6a;
--good:#13733c;--fair:#b7791f;--bad:#b52530;--none:#c9ccd3;--blue:#2f63d6;--tint:12%}
@media (prefers-color-scheme:dark){:root{--bg:#101114;--card:#17191d;--line:#282b32;--text:#eceef2;--dim:#9aa0ac;
--good:#3ecf7f;--fair:#e2a94a;--bad:#ff6b72;--none:#3a3e47;--blue:#7ea6ff;--tint:16%}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,sans-serif}
main{max-width:760px;margin:0 auto;padding:40px 20px 64px}
h1{font-size:24px;line-height:1.25;margin:0 0 8px}
h2{font-size:13px;font-weight:600;color:var(--dim);margin:32px 0 8px}
h3{font-size:15px;font-weight:500;margin:0;min-width:0;overflow-wrap:anywhere}
p{margin:0 0 8px}
ul{list-style:none;margin:0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:10px}
li{padding:14px 16px}
li+li{border-top:1px solid var(--line)}
.row{display:flex;gap:12px;justify-content:space-between;align-items:baseline}
.small{font-size:13px;color:var(--dim);font-variant-numeric:tabular-nums}
li .small{margin:0}
.state{font-size:13px;white-space:nowrap}
.operational{color:var(--good)}.down{color:var(--bad)}.recovering,.maintenance{color:var(--blue)}.unknown{color:var(--dim)}
.banner{margin-top:16px;padding:12px 16px;border-radius:10px;font-weight:600;
background:color-mix(in srgb,currentColor var(--tint),var(--card));border:1px solid color-mix(in srgb,currentColor 30%,var(--card))}
.bars{display:block;width:100%;height:28px;margin:10px 0 4px}
.bars .good{fill:var(--good)}.bars .fair{fill:var(--fair)}.bars .bad{fill:var(--bad)}.bars .none{fill:var(--none)}
footer{margin-top:40px}
a{color:inherit}
@media (max-width:480px){main{padding:24px 14px 40px}li{padding:12px}}
`;
