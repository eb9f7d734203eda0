const E=8699,S=[8699],A={4031:((g,m,l)=>{l.d(m,{CS:()=>p,EC:()=>_,OF:()=>r,TM:()=>o,aY:()=>i,q:()=>t});var s=l(2691);const f=/[&<>"'`*_~|[\]()\\#!${}]/g,h=n=>`&#${n.codePointAt(0)};`;function p(n){return(0,s.pj)(n).split(/\s+/).filter(Boolean).map(a=>{if(/:\S+:/.test(a))return i(a);const[,d="",$="",M=""]=/^(["'`([]*)(.*?)(["'`)\].,;:!?]*)$/.exec(a)??[];return/\S:\S|@|#\d|www\.|\w_\w/i.test($)?c(d)+i($)+c(M):c(a)}).join(" ").replace(/^([-+=>]|\d+(?=[.)]))/,"\u2060$1")}const c=n=>n.replaceAll(f,h);function i(n){const e=(0,s.pj)(n).replaceAll(/\s+/g," ").trim();return e===""?"":`<code>${c(e)}</code>`}function _(n){return`<pre>
${(0,s.pj)(n).replaceAll(/[&<>]/g,h)}
</pre>`}function r(n,e){const u=e.map($=>(0,s.pj)($).replaceAll(/\s+/g," ")).join(`
`),a=Math.max(2,...[...u.matchAll(/`+/g)].map(([$])=>$.length)),d="`".repeat(a+1);return`${d}${n}
${u}
${d}`}function t(n,e){return!e||!/^https:\/\/[^\s<>"'()[\]\\`|]+$/.test(e)?i(n):`<a href="${e.replaceAll("&","&amp;")}">${i(n)}</a>`}const o=(n,e)=>`<details><summary>${p(n)}</summary>

${e}

</details>`}),8699:((g,m,l)=>{l.d(m,{reportRights:()=>i,rightsSummaryOf:()=>_});var s=l(5248),f=l(4031),h=l(2691);const p=r=>{const t=r.filter(({unasked:n})=>!n),o=(0,h.hS)(new Set(t.map(({action:n})=>n)).size,"missing permission");return t.some(({action:n})=>(0,s.gx)(n))?`${o}: this run needs some of them and ended.`:`${o}: the run went on without.`},c="Policy that allows all of them, for the role of this job";function i(r,t){if(t.length!==0){r.line(""),r.line(`! ${p(t)}`);for(const o of(0,s.Dx)(t))r.line(`  ${o}`);r.startGroup(c);for(const o of JSON.stringify((0,s.US)(t),void 0,2).split(`
`))r.line(o);r.endGroup()}}function _(r){if(r.length===0)return"";const t=(0,s.Dx)(r).map(n=>`- ${(0,f.CS)(n)}`),o=(0,f.TM)(c,(0,f.EC)(JSON.stringify((0,s.US)(r),void 0,2)));return`${[`### ${(0,f.CS)(p(r))}`,t.join(`
`),o].join(`

`)}
`}}),2691:((g,m,l)=>{l.d(m,{Iu:()=>r,KE:()=>_,TN:()=>i,hS:()=>p,m_:()=>s,p0:()=>f,pj:()=>c,vk:()=>h});const s=t=>i(t,36).slice(0,8);function f(t){const o=Math.max(0,Math.round(t)),[n,e,u]=[Math.floor(o/3600),Math.floor(o/60)%60,o%60];return n>0?e>0?`${n} h ${e} min`:`${n} h`:e>0?u>0?`${e} min ${u} s`:`${e} min`:`${u} s`}function h(t,o){const n=Math.max(0,Math.round(t-o)),e=d=>String(d).padStart(2,"0"),[u,a]=[Math.floor(n/3600),Math.floor(n/60)%60];return u>0?`${u}:${e(a)}:${e(n%60)}`:`${a}:${e(n%60)}`}const p=(t,o)=>`${t} ${o}${t===1?"":"s"}`;function c(t){return t.replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g,"").replaceAll(/[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu," ")}function i(t,o){const n=c(t.slice(0,4*o+1e3)).replaceAll(/\s+/g," ").trim(),e=n.length>o?[...n]:[];return e.length>o?`${e.slice(0,o-3).join("").trimEnd()}...`:n}function _(t){return t.length<2?t.join(""):`${t.slice(0,-1).join(", ")} and ${t.at(-1)}`}const r=t=>t.charAt(0).toUpperCase()+t.slice(1)})};export{E as id,S as ids,A as modules};
//# sourceMappingURL=maps/report-rights.js.map
