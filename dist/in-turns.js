const l=590,d=[590],p={590:((u,e,r)=>{r.d(e,{g:()=>a});async function a(o,s,c){const t=[];for(let n=0;n<o.length;n+=s)t.push(...await Promise.all(o.slice(n,n+s).map(c)));return t}})};export{l as id,d as ids,p as modules};
//# sourceMappingURL=maps/in-turns.js.map
