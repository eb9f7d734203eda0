const E=8699,S=[8699],A={4031:((g,m,l)=>{l.d(m,{CS:()=>p,EC:()=>_,OF:()=>r,TM:()=>e,aY:()=>u,q:()=>n});var s=l(2691);const f=/[&<>"'`*_~|[\]()\\#!${}]/g,h=t=>`&#${t.codePointAt(0)};`;function p(t){return(0,s.pj)(t).split(/\s+/).filter(Boolean).map(a=>{if(/:\S+:/.test(a))return u(a);const[,$="",d="",M=""]=/^(["'`([]*)(.*?)(["'`)\].,;:!?]*)$/.exec(a)??[];return/\S:\S|@|#\d|www\.|\w_\w/i.test(d)?c($)+u(d)+c(M):c(a)}).join(" ").replace(/^([-+=>]|\d+(?=[.)]))/,"\u2060$1")}const c=t=>t.replaceAll(f,h);function u(t){const o=(0,s.pj)(t).replaceAll(/\s+/g," ").trim();return o===""?"":`<code>${c(o)}</code>`}function _(t){return`<pre>
${(0,s.pj)(t).replaceAll(/[&<>]/g,h)}
</pre>`}function r(t,o){const i=o.map(d=>(0,s.pj)(d).replaceAll(/\s+/g," ")).join(`
`),a=Math.max(2,...[...i.matchAll(/`+/g)].map(([d])=>d.length)),$="`".repeat(a+1);return`${$}${t}
${i}
${$}`}function n(t,o){return!o||!/^https:\/\/[^\s<>"'()[\]\\`|]+$/.test(o)?u(t):`<a href="${o.replaceAll("&","&amp;")}">${u(t)}</a>`}const e=(t,o)=>`<details><summary>${p(t)}</summary>

${o}

</details>`}),8699:((g,m,l)=>{l.d(m,{reportRights:()=>u,rightsSummaryOf:()=>_});var s=l(5248),f=l(4031),h=l(2691);const p=r=>{const n=(0,h.hS)(new Set(r.map(({action:e})=>e)).size,"missing permission");return r.some(({action:e})=>(0,s.gx)(e))?`${n}: this run needs some of them and ended.`:`${n}: the run went on without.`},c="Policy that allows all of them, for the role of this job";function u(r,n){if(n.length!==0){r.line(""),r.line(`! ${p(n)}`);for(const e of(0,s.Dx)(n))r.line(`  ${e}`);r.startGroup(c);for(const e of JSON.stringify((0,s.US)(n),void 0,2).split(`
`))r.line(e);r.endGroup()}}function _(r){if(r.length===0)return"";const n=(0,s.Dx)(r).map(t=>`- ${(0,f.CS)(t)}`),e=(0,f.TM)(c,(0,f.EC)(JSON.stringify((0,s.US)(r),void 0,2)));return`${[`### ${(0,f.CS)(p(r))}`,n.join(`
`),e].join(`

`)}
`}}),2691:((g,m,l)=>{l.d(m,{Iu:()=>r,KE:()=>_,TN:()=>u,hS:()=>p,m_:()=>s,p0:()=>f,pj:()=>c,vk:()=>h});const s=n=>u(n,36).slice(0,8);function f(n){const e=Math.max(0,Math.round(n)),[t,o,i]=[Math.floor(e/3600),Math.floor(e/60)%60,e%60];return t>0?o>0?`${t} h ${o} min`:`${t} h`:o>0?i>0?`${o} min ${i} s`:`${o} min`:`${i} s`}function h(n,e){const t=Math.max(0,Math.round(n-e)),o=$=>String($).padStart(2,"0"),[i,a]=[Math.floor(t/3600),Math.floor(t/60)%60];return i>0?`${i}:${o(a)}:${o(t%60)}`:`${a}:${o(t%60)}`}const p=(n,e)=>`${n} ${e}${n===1?"":"s"}`;function c(n){return n.replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g,"").replaceAll(/[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu," ")}function u(n,e){const t=c(n.slice(0,4*e+1e3)).replaceAll(/\s+/g," ").trim(),o=t.length>e?[...t]:[];return o.length>e?`${o.slice(0,e-3).join("").trimEnd()}...`:t}function _(n){return n.length<2?n.join(""):`${n.slice(0,-1).join(", ")} and ${n.at(-1)}`}const r=n=>n.charAt(0).toUpperCase()+n.slice(1)})};export{E as id,S as ids,A as modules};
//# sourceMappingURL=maps/report-rights.js.map
