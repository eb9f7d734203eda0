const K=664,b=[664],F={664:((B,x,u)=>{u.r(x),u.d(x,{LIMIT:()=>L,TOO_LONG:()=>y,commentBody:()=>d,commentFailure:()=>C,commentMarker:()=>s,failureComment:()=>m,put:()=>M,withGithub:()=>j});var $=u(6629),a=u(5440),P=u(3581),T=u(9251),A=u(6704),N=u(3748),S=u(3928),R=u(3914);const L=65e3,y="The rest is too long for a comment; the job summary has it.";function s({aws:o,service:r,github:i},{workflow:l,job:f}){const[c,...E]=o.allowedAccountIds,v=[r.cluster,o.role?.arn].flatMap(n=>(0,$.XP)(n)??[]),W=[o.region,v[0]??(E.length===0?c:void 0),i.deployment?.environment,(0,$.S_)(r.cluster),r.service,l,f],t=n=>encodeURIComponent(n.toWellFormed()).replaceAll("-","%2D");return`<!-- ecs-rollout ${W.map(n=>n?t(n):"-").join(" ")} -->`}function d(o,r,i){const l=`<sub>From ${(0,N.q)(`run ${i.runId}`,(0,T.Vp)(i))} of ${(0,N.aY)(i.workflow)}.</sub>`;return[o,...r,l].filter(f=>f!=="").join(`

`)}function m(o,r,i){const l=o.describe(),f=(0,T.UO)([["Commit",(0,T.D3)(i)]]),c=s(r,i),E=`### \u274C ${(0,N.CS)((0,A.nV)(l,(0,P.Yj)(r)))}`,v=t=>d(c,[E,...(0,A.Xl)(l,t),f],i),W=v(50);return W.length<=L?W:v(5)}async function C(o,r,i){!o.github.comment||o.service.service===""||r.code==="CANCELLED"||await M(m(r,o,i.runner.context),i)}async function M(o,r){const{workflow:i}=r.runner.context,l=o.trimEnd(),f=r.runner.context.pullRequest===void 0?"contents: write":"pull-requests: write";await j({what:"The comment",permission:f},r,c=>c.putComment({marker:(0,S.M2)(i),write:E=>(0,S.z$)(E,l,i),holds:E=>(0,S.x5)(E,l)}))}async function j({what:o,permission:r},{github:i,console:l},f){if(!i){l.notice(`${o} is skipped: \`github-token\` is not set. Set \`github-token: \${{ github.token }}\` and give the job \`permissions: ${r}\`.`);return}try{return await f(i)}catch(c){const{message:E,remedy:v}=(0,a.h_)(c);l.warning((0,R.TN)(`${o} is missing. ${E} ${v??""}`,1e3));return}}}),6704:((B,x,u)=>{u.d(x,{U0:()=>y,VC:()=>R,Xl:()=>S,nV:()=>N});var $=u(3748),a=u(3914);const P=4e3,T=1500,A=1200;function N(s,d){const[m]=(0,a.qi)(s.split(`
`)[0]??"");return(0,a.TN)(d===void 0?m:`${d}: ${m}`,400)}function S(s,d){const[m="",...C]=s.split(`
`),[,M]=(0,a.qi)(m),j=c=>/^\s+-\s/.test(c),o=C.filter(j),r=o.slice(0,d).map(c=>`- ${(0,$.CS)((0,a.TN)(c.replace(/^\s*-\s*/,""),T))}`),i=o.length-r.length,l=[...r,...i>0?[`- and ${(0,a.hS)(i,"more line")} in the log of the step`]:[]],f=C.filter(c=>!j(c)&&c.trim()!=="").slice(0,d);return[...M===""?[]:[(0,$.CS)((0,a.TN)(M,T))],...l.length>0?[l.join(`
`)]:[],...f.map(c=>{const E=/^What to do: (.*)$/s.exec(c)?.[1];return E===void 0?(0,$.CS)((0,a.TN)(c,T)):`**What to do:** ${(0,$.CS)((0,a.TN)(E,T))}`})]}function R(s,{where:d,docs:m}={}){const[C="",...M]=s.describe().split(`
`),{quote:j=[],file:o,line:r=0,endLine:i=0}=s.place??{},l=j.map(c=>(0,a.pj)(c.slice(0,A)).trimEnd()),f=m===void 0?[]:[m];return{kind:"error",title:d===void 0?"ECS Rollout":(0,a.TN)(d,200),text:[...[L(C),...l,...M.map(L)].join(`
`).slice(0,P).split(`
`),...f].join(`
`),...o===void 0?{}:{place:{file:o,line:r,endLine:i}}}}const L=s=>{const d=/^\s+-/.test(s),m=d||s.startsWith("What to do: ")?s:(0,a.FU)(s);return(d?"  ":"")+(0,a.TN)(m,A)};function y({described:s,place:d={},where:m,docs:C}){const{quote:M=[],file:j}=d;return`${[`## \u274C ${(0,$.CS)(N(s,m))}`,...M.length>0?[j?(0,$.aY)((0,a.TN)(j,300)):"",(0,$.OF)("text",M)]:[],...S(s,100),C===void 0?"":`<a href="${C}">Troubleshooting</a>`].filter(r=>r!=="").join(`

`)}
`}}),3928:((B,x,u)=>{u.d(x,{M2:()=>N,x5:()=>r,xv:()=>R,z$:()=>l});var $=u(3748);const a=65536,P="The rest is too long for this comment; the job summary has it.",T="<!-- ecs-rollout end -->",A=/^<!-- ecs-rollout (?!end |all )[^\n]* -->$/,N=t=>`<!-- ecs-rollout all ${encodeURIComponent(t.toWellFormed()).replaceAll("-","%2D")||"%20"} -->`,S=/^<!-- ecs-rollout-services (\[.*\]) -->$/,R=t=>`<!-- ecs-rollout-services ${JSON.stringify(t).replaceAll(/[<>]|(?<=-)-/g,n=>`\\u00${n.charCodeAt(0).toString(16)}`)} -->`,L=["\u274C","\u26A0\uFE0F","\u23F8\uFE0F","\u23ED\uFE0F","\u{1F4DD}","\u{1F680}","\u2705"];function y(t){const n=L.findIndex(e=>t.startsWith(e));return n<0?L.length:n}function s(t){const n=/^### (.*)$/m.exec(t)?.[1]??"",e=[...t.matchAll(/\/actions\/runs\/(\d+)\//g)];return{title:n,order:y(n),run:e.at(-1)?.[1]??""}}function d(t){const{title:n,run:e}=s(t);return(m(t)??[n]).map(h=>{const[,I=h,p=""]=/^(.*?): (.*)/s.exec(h)??[];return{where:I,what:p,order:y(h),run:e}})}function m(t){const[,n]=S.exec(t.split(`
`)[1]??"")??[];if(n!==void 0)try{const e=JSON.parse(n);return e.length>0?e.map(String):void 0}catch{return}}function C({where:t,what:n}){return t.startsWith("\u274C")?n.startsWith("could not be deployed")?"could not be deployed":"failed":t.startsWith("\u2705")?n.startsWith("would not change")?"would not change":"deployed":M.find(([e])=>t.startsWith(e))?.[1]??"other"}const M=[["\u26A0\uFE0F","ended early"],["\u23F8\uFE0F","paused"],["\u23ED\uFE0F","skipped"],["\u{1F4DD}","would change"],["\u{1F680}","started"]];function j(t){const n=[...Map.groupBy(t,C)].map(([O,g])=>`${g.length} ${O}`),e=t.flatMap(({what:O})=>{const g=/(?<!\d)(\d{1,9}) to change, (\d{1,9}) to add, (\d{1,9}) to remove/.exec(O);return g?[g.slice(1).map(Number)]:[]}),h=O=>e.reduce((g,D)=>g+(D[O]??0),0),I=e.length>0?` (${h(0)} to change, ${h(1)} to add, ${h(2)} to remove)`:"",p=L[t[0]?.order??L.length];return`${p===void 0?"":`${p} `}${t.length} services: ${n.join(", ")}${I}`}const o=t=>t.slice(0,t.indexOf(`
`)),r=(t,n)=>i(t).some(e=>o(e)===o(n)&&s(e).title===s(n).title);function i(t){const n=[];let e;for(const h of t.split(`
`))h===T?(e&&e.length>2&&e.at(-1)===""&&n.push(e.slice(0,-1).join(`
`)),e=void 0):e?e.push(h):A.test(h)&&(e=[h]);return n}function l(t,n,e){let I=[...i(t??"").filter(p=>o(p)!==o(n)),n].toSorted((p,O)=>s(p).order-s(O).order||f(s(p).title,s(O).title));for(;;){const p=v(I,s(n).run,e);if(p.length<=a)return p;const O=I.toSorted((_,U)=>U.length-_.length),g=O.find(_=>!_.includes(P))??O.find(_=>m(_));if(g===void 0)return p;const D=g.includes(P)?c(g):E(g);I=I.map(_=>_===g?D:_)}}const f=(t,n)=>t<n?-1:+(t>n),c=t=>t.replace(/\n.*/,"");function E(t){const[n="",e=""]=t.split(`

`);return[n,e,P,t.split(`

`).at(-1)??""].join(`

`)}function v(t,n,e){const h=N(e),[I,...p]=t;if(I!==void 0&&p.length===0)return[h,I,T].join(`

`);const O=t.flatMap(d).toSorted((D,_)=>D.order-_.order||f(D.where,_.where)),g=O.map(({where:D,what:_,run:U})=>{const k=U===n?"":" (of an earlier run)";return`| ${W(D)} | ${W(_)}${k} |`});return[h,`### ${j(O)}`,["| Service | Result |","| --- | --- |",...g].join(`
`),...t.map(D=>{const{title:_,order:U}=s(D);return`<details${U===0?" open":""}><summary>${$.qy.prose(_.replaceAll("`",""))}</summary>

${D}

${T}

</details>`})].join(`

`)}const W=t=>t.split(/[\r\n]+/).map(n=>n.trim()).join(" ").replaceAll("|","\\|")})};export{K as id,b as ids,F as modules};
//# sourceMappingURL=maps/report-shared-comment.js.map
